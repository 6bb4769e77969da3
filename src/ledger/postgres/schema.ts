/** Of the relay's own tables; pg-boss has a schema of its own beside it. */
export const SCHEMA = "cal_relay";
export const QUEUE_SCHEMA = "cal_relay_queue";

/**
 * pg-boss's own schema version as of each of ours. A pg-boss that brings a newer one gets a migration here, be it an empty one: so an older
 * relay is refused where a newer one has been.
 */
export const QUEUE_VERSIONS: readonly number[] = [46];

/**
 * Migration n brings a ledger of version n to version n + 1. They only go forward and are never edited once released. Every name is written
 * out with its schema, so that nothing hangs on a search path.
 *
 * Times are epoch milliseconds, with fractions, since arithmetic on them (jitter, rates) makes some. JSON is kept as text: it is read whole,
 * and jsonb refuses what a webhook may hold (\u0000).
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE cal_relay.events (
    seq           bigint GENERATED ALWAYS AS IDENTITY,
    id            text COLLATE "C" PRIMARY KEY,
    source        text NOT NULL,
    trigger       text,
    received_at   double precision NOT NULL,
    booking_key   text NOT NULL,
    duplicate_key text,
    verdicts      text NOT NULL,
    event         text NOT NULL,
    body          text NOT NULL
  );
  CREATE INDEX events_by_time ON cal_relay.events (received_at, seq);
  CREATE INDEX events_by_trigger ON cal_relay.events (trigger, received_at);
  CREATE INDEX events_by_source ON cal_relay.events (source, received_at);
  -- With its source in front: one value that an index finds alone.
  CREATE INDEX events_by_duplicate_key ON cal_relay.events (duplicate_key, received_at) WHERE duplicate_key IS NOT NULL;

  CREATE TABLE cal_relay.aliases (
    uid         text COLLATE "C" PRIMARY KEY,
    booking_key text NOT NULL
  );
  -- Keys that turned out to name a booking that has another one: few, and none at all as a rule. Aliases go on naming the lost key.
  CREATE TABLE cal_relay.united (
    lost text COLLATE "C" PRIMARY KEY,
    key  text NOT NULL
  );
  CREATE TABLE cal_relay.bookings (
    key   text COLLATE "C" PRIMARY KEY,
    known text NOT NULL
  );

  -- A queue is what is unsettled of one sink and booking key, in the order of seq. Its head is the one delivery of it that may be claimed
  -- or is running. A head that has a job is in pg-boss's hands: to be fetched, or running.
  CREATE TABLE cal_relay.deliveries (
    seq              bigint GENERATED ALWAYS AS IDENTITY,
    id               text COLLATE "C" PRIMARY KEY,
    event            text COLLATE "C" NOT NULL REFERENCES cal_relay.events (id) ON DELETE CASCADE,
    trigger          text,
    route            text NOT NULL,
    target           text NOT NULL,
    sink             text COLLATE "C" NOT NULL,
    booking_key      text COLLATE "C" NOT NULL,
    state            text NOT NULL CHECK (state IN ('waiting', 'running', 'delivered', 'dead', 'skipped')),
    head             boolean NOT NULL,
    job              uuid,
    lease            integer NOT NULL DEFAULT 0,
    due_at           double precision NOT NULL,
    attempts         integer NOT NULL DEFAULT 0,
    first_attempt_at double precision,
    maybe_delivered  boolean NOT NULL DEFAULT false,
    reason           text,
    accepted_at      double precision NOT NULL,
    settled_at       double precision,
    CHECK ((settled_at IS NULL) = (state IN ('waiting', 'running'))),
    CHECK (head OR state <> 'running'),
    CHECK (NOT head OR settled_at IS NULL),
    CHECK (head OR job IS NULL),
    CHECK (job IS NOT NULL OR state <> 'running')
  );
  CREATE INDEX deliveries_claimable ON cal_relay.deliveries (sink, (job IS NULL), due_at, seq) WHERE head AND state = 'waiting';
  CREATE UNIQUE INDEX deliveries_running ON cal_relay.deliveries (sink, booking_key) WHERE state = 'running';
  CREATE UNIQUE INDEX deliveries_job ON cal_relay.deliveries (job) WHERE job IS NOT NULL;
  CREATE INDEX deliveries_queue ON cal_relay.deliveries (booking_key, sink, seq) WHERE settled_at IS NULL;
  CREATE INDEX deliveries_by_event ON cal_relay.deliveries (event);
  CREATE INDEX deliveries_by_time ON cal_relay.deliveries (accepted_at, seq);
  CREATE INDEX deliveries_by_sink ON cal_relay.deliveries (sink, accepted_at, seq);
  CREATE INDEX deliveries_by_sink_unsettled ON cal_relay.deliveries (sink, state, accepted_at) WHERE settled_at IS NULL;
  CREATE INDEX deliveries_by_giving_up ON cal_relay.deliveries (state, accepted_at, seq) WHERE state = 'dead' OR state = 'skipped';

  -- Counted as they move, as lines that are added up: one row a sink would be written by every relay at once. What runs counts as waiting.
  CREATE TABLE cal_relay.backlog (
    sink   text NOT NULL,
    state  text NOT NULL,
    change bigint NOT NULL
  );

  CREATE TABLE cal_relay.attempts (
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    delivery    text COLLATE "C" NOT NULL REFERENCES cal_relay.deliveries (id) ON DELETE CASCADE,
    number      integer NOT NULL,
    started_at  double precision NOT NULL,
    duration_ms double precision NOT NULL,
    outcome     text NOT NULL,
    message     text NOT NULL,
    answer      text NOT NULL,
    reason      text
  );
  CREATE INDEX attempts_by_delivery ON cal_relay.attempts (delivery, seq);

  CREATE TABLE cal_relay.memory (
    target      text COLLATE "C" NOT NULL,
    booking_key text COLLATE "C" NOT NULL,
    value       text NOT NULL,
    applied     text,
    PRIMARY KEY (booking_key, target)
  );

  CREATE TABLE cal_relay.holds (
    sink    text NOT NULL,
    by      text NOT NULL,
    kind    text NOT NULL,
    reason  text NOT NULL,
    since   double precision NOT NULL,
    "until" double precision,
    PRIMARY KEY (sink, by)
  );

  CREATE TABLE cal_relay.secrets (
    source text PRIMARY KEY,
    secret text NOT NULL
  );

  -- A token bucket for each lane of a sink: when it would be full again had nobody else come, by the database's clock.
  CREATE TABLE cal_relay.lanes (
    sink    text NOT NULL,
    lane    text NOT NULL,
    full_at double precision NOT NULL,
    PRIMARY KEY (sink, lane)
  );

  -- What one relay does while no other may; ends with the relay's leases.
  CREATE TABLE cal_relay.locks (
    name   text COLLATE "C" PRIMARY KEY,
    relay  uuid NOT NULL,
    ends   timestamptz NOT NULL
  );
  `,
];
