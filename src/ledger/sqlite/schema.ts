/** Marks the file as a relay's ledger, so that no other program's database is ever migrated: "CalR". */
export const APPLICATION_ID = 0x43616c52;

/**
 * Migration n brings a ledger of version n to version n + 1. They only go forward and are never edited once released.
 *
 * Times are epoch milliseconds, REAL because arithmetic on them (jitter, rates) makes fractions.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE events (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    source        TEXT NOT NULL,
    trigger       TEXT,
    received_at   REAL NOT NULL,
    booking_key   TEXT NOT NULL,
    duplicate_key TEXT,
    verdicts      TEXT NOT NULL,
    event         TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_time ON events (received_at);
  CREATE INDEX events_by_trigger ON events (trigger, received_at);
  CREATE INDEX events_by_source ON events (source, received_at);
  CREATE INDEX events_by_duplicate_key ON events (source, duplicate_key, received_at) WHERE duplicate_key IS NOT NULL;

  CREATE TABLE aliases (
    uid         TEXT PRIMARY KEY,
    booking_key TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bookings (
    key   TEXT PRIMARY KEY,
    known TEXT NOT NULL
  ) STRICT;

  -- A queue is what is unsettled of one sink and booking key, in the order of seq. Its head is the one delivery of it that may be
  -- claimed or is running; the unique index makes two of them impossible, and keeps a claim from ever looking past a head.
  CREATE TABLE deliveries (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    event            TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    trigger          TEXT,
    route            TEXT NOT NULL,
    target           TEXT NOT NULL,
    sink             TEXT NOT NULL,
    booking_key      TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'delivered', 'dead', 'skipped')),
    head             INTEGER NOT NULL,
    lease            INTEGER NOT NULL DEFAULT 0,
    due_at           REAL NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    first_attempt_at REAL,
    maybe_delivered  INTEGER NOT NULL DEFAULT 0,
    reason           TEXT,
    accepted_at      REAL NOT NULL,
    settled_at       REAL,
    CHECK ((settled_at IS NULL) = (state IN ('waiting', 'running'))),
    CHECK (head = 1 OR state <> 'running'),
    CHECK (head = 0 OR settled_at IS NULL)
  ) STRICT;
  CREATE INDEX deliveries_claimable ON deliveries (sink, due_at, seq) WHERE head = 1 AND state = 'waiting';
  CREATE UNIQUE INDEX deliveries_head ON deliveries (sink, booking_key) WHERE head = 1;
  CREATE INDEX deliveries_queue ON deliveries (sink, booking_key, seq) WHERE settled_at IS NULL;
  CREATE INDEX deliveries_by_event ON deliveries (event);
  CREATE INDEX deliveries_by_time ON deliveries (accepted_at);
  CREATE INDEX deliveries_by_sink ON deliveries (sink, accepted_at);
  CREATE INDEX deliveries_by_state ON deliveries (state, accepted_at);
  CREATE INDEX deliveries_by_sink_and_state ON deliveries (sink, state, accepted_at);

  -- Counted as they move, so that asking for the backlog costs the same with ten deliveries and with ten million.
  CREATE TABLE backlog (
    sink  TEXT NOT NULL,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (sink, state)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER delivery_stored AFTER INSERT ON deliveries BEGIN
    INSERT INTO backlog VALUES (new.sink, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON deliveries WHEN old.state <> new.state BEGIN
    UPDATE backlog SET count = count - 1 WHERE sink = old.sink AND state = old.state;
    INSERT INTO backlog VALUES (new.sink, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER delivery_swept AFTER DELETE ON deliveries BEGIN
    UPDATE backlog SET count = count - 1 WHERE sink = old.sink AND state = old.state;
  END;

  CREATE TABLE attempts (
    seq         INTEGER PRIMARY KEY,
    delivery    INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    started_at  REAL NOT NULL,
    duration_ms REAL NOT NULL,
    outcome     TEXT NOT NULL,
    message     TEXT NOT NULL,
    answer      TEXT NOT NULL,
    reason      TEXT
  ) STRICT;
  CREATE INDEX attempts_by_delivery ON attempts (delivery);

  CREATE TABLE memory (
    target      TEXT NOT NULL,
    booking_key TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (target, booking_key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE holds (
    sink   TEXT NOT NULL,
    by     TEXT NOT NULL,
    kind   TEXT NOT NULL,
    reason TEXT NOT NULL,
    since  REAL NOT NULL,
    until  REAL,
    PRIMARY KEY (sink, by)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE secrets (
    source TEXT PRIMARY KEY,
    secret TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // The view of the booking that was delivered last; a row may now stand for this alone, its value being null in JSON.
  `ALTER TABLE memory ADD COLUMN applied TEXT;`,
  // What each event and each step of a delivery costs: the body is kept once (see stored-event.ts), and only what is not yet settled, or
  // was given up, is indexed by it. At most one delivery of a queue runs; its head is the one that may.
  `
  ALTER TABLE events ADD COLUMN body TEXT NOT NULL DEFAULT '';
  UPDATE events SET body = event ->> '$.body', event = json_remove(event, '$.body');

  DROP INDEX deliveries_head;
  DROP INDEX deliveries_by_state;
  DROP INDEX deliveries_by_sink_and_state;
  CREATE UNIQUE INDEX deliveries_running ON deliveries (sink, booking_key) WHERE state = 'running';
  CREATE INDEX deliveries_by_sink_unsettled ON deliveries (sink, accepted_at) WHERE settled_at IS NULL;
  CREATE INDEX deliveries_by_giving_up ON deliveries (state, accepted_at) WHERE state = 'dead' OR state = 'skipped';

  -- Counted by count.ts: a trigger makes SQLite keep a journal for every statement that fires it, five times the statement's own cost. What
  -- runs counts as waiting: how many run is counted where they are few.
  DROP TRIGGER delivery_stored;
  DROP TRIGGER delivery_moved;
  DROP TRIGGER delivery_swept;
  UPDATE backlog AS b SET count = count + (SELECT sum(count) FROM backlog AS r WHERE r.sink = b.sink AND r.state = 'running')
    WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM backlog AS r WHERE r.sink = b.sink AND r.state = 'running');
  INSERT INTO backlog SELECT sink, 'waiting', count FROM backlog WHERE state = 'running' ON CONFLICT DO NOTHING;
  DELETE FROM backlog WHERE state = 'running';
  `,
  // Keys that turned out to name a booking that has another one: few, and none at all as a rule. Aliases go on naming the lost key, which
  // is found here. Each key is an alias of itself from now on.
  `
  CREATE TABLE united (
    lost TEXT PRIMARY KEY,
    key  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO aliases SELECT DISTINCT booking_key, booking_key FROM aliases;
  `,
];
