-- Runs that have ended lately: the audit looks for the message of each.
CREATE INDEX run_finish_time ON run (finish_time) WHERE finish_time IS NOT NULL;
