-- A role for each service, bus_SERVICE, which may publish and has the queues of its service alone, by their prefix; that of notification, which
-- shows dead letters to operators and deletes old events, has those of all. What is granted here to all is for those who may connect to
-- this database. The owner of the tables is bound by none of it.
CREATE FUNCTION bus.is_keeper() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT current_user = 'bus_notification' $$;
CREATE FUNCTION bus.handles(queue text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user = 'bus_' || split_part(queue, '.', 1) OR bus.is_keeper()
$$;

GRANT USAGE ON SCHEMA bus, platform TO PUBLIC;
GRANT SELECT ON platform.migration TO PUBLIC;
GRANT USAGE ON SEQUENCE bus.log_sequence TO PUBLIC;
GRANT SELECT, INSERT, DELETE ON bus.log TO PUBLIC;
GRANT SELECT, INSERT, UPDATE ON bus.queue TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON bus.retry TO PUBLIC;
GRANT SELECT, INSERT, DELETE ON bus.dropped TO PUBLIC;

-- The head of the log and the types of all queues are what publishers and positions need to see.
ALTER TABLE bus.log ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_log ON bus.log FOR SELECT USING (true);
CREATE POLICY append_to_log ON bus.log FOR INSERT WITH CHECK (true);
CREATE POLICY delete_from_log ON bus.log FOR DELETE USING (bus.is_keeper());
ALTER TABLE bus.queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_queues ON bus.queue FOR SELECT USING (true);
CREATE POLICY make_own_queue ON bus.queue FOR INSERT WITH CHECK (bus.handles(name));
CREATE POLICY move_own_queue ON bus.queue FOR UPDATE USING (bus.handles(name));
ALTER TABLE bus.retry ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_retries ON bus.retry USING (bus.handles(queue));
ALTER TABLE bus.dropped ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_dropped ON bus.dropped USING (bus.handles(queue));
