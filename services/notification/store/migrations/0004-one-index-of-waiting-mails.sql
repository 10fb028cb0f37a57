-- What is due is found by delivery_due alone: no statement of any release reads this index, which each mail about an order would write.
DROP INDEX delivery_waiting_orders;
