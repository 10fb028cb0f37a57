-- Why an order was cancelled; null while it is not, and for those that releases before have cancelled.
ALTER TABLE orders ADD COLUMN cancel_reason text;
