-- Which of some events a queue still has before it: in the log beyond its position, to be tried again, dead or dropped. Any service may ask,
-- as the answer has nothing but ids that were named; the rows themselves are for the queue's own service.
CREATE FUNCTION bus.waiting(queue_name text, ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT id FROM bus.log
  WHERE id = ANY (ids) AND sequence > coalesce((SELECT position FROM bus.queue WHERE name = queue_name), 0)
  UNION ALL
  SELECT event_id FROM bus.retry WHERE queue = queue_name AND event_id = ANY (ids)
  UNION ALL
  SELECT event_id FROM bus.dropped WHERE queue = queue_name AND event_id = ANY (ids)
$$;
