"""The tables of the store, and how an older store becomes one of today."""

from __future__ import annotations

VERSION = 2
"""Of the tables below, in SQLite's `user_version`."""

TABLES = """
CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  entry TEXT NOT NULL,              -- digest of its entry in sources.yaml: after an edit all is read anew
  feed TEXT,                        -- the feed type in use
  validators TEXT NOT NULL,         -- JSON: address → ETag and Last-Modified of the last good harvest
  last_good TEXT,                   -- when the last fresh or unchanged harvest began
  last_good_count INTEGER,          -- how many datasets that harvest held, NULL: take the next as it is
  checked TEXT,                     -- the day on which its datasets were last validated
  profile TEXT,                     -- the digest of the profile they were validated against
  feed_url TEXT,                    -- where the feed was found, NULL: at the source's own address
  held_back_since TEXT,             -- the first day on which it was as suspicious as it is now
  held_back_count INTEGER           -- how many datasets it told then
) STRICT, WITHOUT ROWID;
CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  current INTEGER NOT NULL,         -- 0: withdrawn
  fingerprint TEXT NOT NULL,
  first_seen TEXT NOT NULL,         -- days, YYYY-MM-DD
  last_seen TEXT NOT NULL,
  changed TEXT NOT NULL,
  record BLOB NOT NULL,             -- model.Dataset as JSON
  missing TEXT                      -- the day since which its source no longer lists it
) STRICT, WITHOUT ROWID;
CREATE INDEX datasets_by_source ON datasets (source, current);
CREATE TABLE listings (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  dataset TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE harvests (
  source TEXT NOT NULL,
  started TEXT NOT NULL,
  outcome TEXT NOT NULL,
  record BLOB NOT NULL,             -- model.Harvest as JSON
  PRIMARY KEY (source, started)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
  source TEXT NOT NULL,
  dataset TEXT,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  field TEXT,
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX findings_by_source ON findings (source);
CREATE TABLE history (
  dataset TEXT NOT NULL,
  day TEXT NOT NULL,
  event TEXT NOT NULL,              -- added, changed, missing, withdrawn, returned
  fields TEXT NOT NULL              -- JSON: a list of model.FieldChange
) STRICT;
CREATE INDEX history_by_dataset ON history (dataset);
"""

MIGRATIONS = {
    1: """
ALTER TABLE sources ADD COLUMN feed_url TEXT;
ALTER TABLE sources ADD COLUMN held_back_since TEXT;
ALTER TABLE sources ADD COLUMN held_back_count INTEGER;
ALTER TABLE datasets ADD COLUMN missing TEXT;
UPDATE datasets SET missing = last_seen WHERE NOT current;
UPDATE history SET event = 'withdrawn' WHERE event = 'removed';
UPDATE history SET fields = (
  SELECT json_group_array(json_array(value, NULL, NULL)) FROM json_each(history.fields)
)
"""
}
"""Version of a store → what makes it one of the next version. Tables end up as they stand above."""
