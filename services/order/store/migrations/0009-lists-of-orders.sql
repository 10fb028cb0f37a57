-- Orders of an account by their creation, which their ids begin with, and fills by the time of their trade. A table cannot be written while an
-- index of it is made, some seconds for each ten million rows; the exchange's feed and new orders wait for that. Releases before write and read
-- as before.
CREATE INDEX orders_by_creation ON orders (account_id, order_id);
CREATE INDEX fills_by_time ON fills (account_id, trade_time, change_sequence);
