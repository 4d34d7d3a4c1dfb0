-- The event log and the task queue, where several processes share them here (on-postgres.yaml).
CREATE DATABASE messaging;
