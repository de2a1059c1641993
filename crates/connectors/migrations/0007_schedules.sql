-- Format 7: schedules that run.

-- Whether a connection runs by itself, where it differs from its connector; null follows the connector.
ALTER TABLE connection_sync ADD COLUMN enabled INTEGER CHECK (enabled IN (0, 1));
-- When this was set last: times before do not count.
ALTER TABLE connection_sync ADD COLUMN set_at INTEGER;
-- The time zone and the expression that `last_due_at` counts for; another schedule counts from its own beginning.
ALTER TABLE connection_sync ADD COLUMN due_schedule TEXT;
-- When a run that failed is tried again, and how often it was.
ALTER TABLE connection_sync ADD COLUMN retry_at INTEGER;
ALTER TABLE connection_sync ADD COLUMN retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0);
-- When the last retry had failed too: nothing more is tried before the next time of the schedule.
ALTER TABLE connection_sync ADD COLUMN gave_up_at INTEGER;
-- Runs were missed, and a person is asked whether to make up for them.
ALTER TABLE connection_sync ADD COLUMN asks_at INTEGER;
ALTER TABLE connection_sync ADD COLUMN asks_missed INTEGER NOT NULL DEFAULT 0 CHECK (asks_missed >= 0);
