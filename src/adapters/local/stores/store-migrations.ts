import type { Migration } from '../sqlite-file.ts';

/**
 * The history of the stores' file: the version of a file is how many of these it has been through. What stands here
 * has been written to somebody's disk, so a step is only ever added.
 *
 * Keys are columns, what is stored is JSON in `document`, what is searched by is an index on an expression of it.
 */
export const storeMigrations: readonly Migration[] = [
  {
    name: 'runs and what belongs to them',
    sql: `
      create table runs (
        tenant text not null, run_id text not null, document text not null,
        primary key (tenant, run_id)
      ) strict;
      create index runs_running on runs (tenant, run_id) where document ->> 'status' = 'running';
      create table sessions (
        tenant text not null, run_id text not null, agent text not null, document text not null,
        primary key (tenant, run_id, agent)
      ) strict;
      create table node_results (
        tenant text not null, run_id text not null, node text not null, document text not null,
        primary key (tenant, run_id, node)
      ) strict;
      create table evidence (
        tenant text not null, run_id text not null, number integer not null, document text not null,
        primary key (tenant, run_id, number)
      ) strict;
      create table steps (
        tenant text not null, run_id text not null, step_id text not null, document text not null,
        primary key (tenant, run_id, step_id)
      ) strict;
      create table leases (
        tenant text not null, run_id text not null, document text not null,
        primary key (tenant, run_id)
      ) strict;`,
  },
  {
    name: 'the previous run of a prefix, and API keys',
    sql: `
      create index runs_succeeded on runs (tenant, document ->> 's3_prefix', run_id)
        where document ->> 'status' = 'succeeded';
      create table api_keys (hash text not null primary key, document text not null) strict;`,
  },
  {
    name: 'runs with several sources and attempts',
    // The runs that are there have surveyed one database each, in one attempt.
    sql: `
      update runs set document = json_set(
        json_remove(document, '$.source', '$.tables'),
        '$.attempt', 1,
        '$.sources', json_array(json_patch(
          json_set(document -> '$.source', '$.name', 'main'),
          iif(document -> '$.tables' is null, '{}', json_object('tables', document -> '$.tables'))
        ))
      ) where document -> '$.source' is not null;`,
  },
  {
    name: 'connections, idempotency keys and counted requests',
    sql: `
      create table connections (
        tenant text not null, name text not null, document text not null,
        primary key (tenant, name)
      ) strict;
      create table idempotency_claims (
        tenant text not null, key text not null, document text not null,
        primary key (tenant, key)
      ) strict;
      create index idempotency_claims_expiring on idempotency_claims (document ->> 'expires_at');
      create table request_counts (
        key_hash text not null, start text not null, seconds integer not null, ends_at text not null, count integer not null,
        primary key (key_hash, start, seconds)
      ) strict;
      create index request_counts_ending on request_counts (ends_at);`,
  },
  {
    name: 'connections that name their secret',
    // The secret of those that are there has their own name.
    sql: `update connections set document = json_set(document, '$.secret', 'connections/' || name);`,
  },
  {
    name: 'runs that may publish nothing',
    sql: `
      drop index runs_succeeded;
      update runs set document = json_set(
        json_remove(document, '$.s3_prefix', '$.timestamp'),
        '$.publish', json_object('s3_prefix', document ->> '$.s3_prefix', 'timestamp', document ->> '$.timestamp')
      ) where document -> '$.s3_prefix' is not null;
      create index runs_succeeded on runs (tenant, document ->> '$.publish.s3_prefix', run_id)
        where document ->> 'status' = 'succeeded';`,
  },
  {
    name: 'leases of conversations',
    sql: `
      create table leases_of_runs_and_conversations (
        tenant text not null, holder_kind text not null, holder_id text not null, document text not null,
        primary key (tenant, holder_kind, holder_id)
      ) strict;
      insert into leases_of_runs_and_conversations
        select tenant, 'run', run_id, json_set(
          json_remove(document, '$.run_id'), '$.holder', json_object('kind', 'run', 'id', run_id)
        ) from leases;
      drop table leases;
      alter table leases_of_runs_and_conversations rename to leases;`,
  },
  {
    name: 'the last use of API keys',
    sql: 'create table api_key_uses (key_hash text primary key, used_at text not null) strict;',
  },
  {
    name: 'schedules',
    sql: `
      create table schedules (
        tenant text not null, name text not null, document text not null,
        primary key (tenant, name)
      ) strict;`,
  },
  {
    name: 'webhooks',
    sql: `
      create table webhooks (
        tenant text not null, name text not null, document text not null,
        primary key (tenant, name)
      ) strict;`,
  },
  {
    name: 'the outbox, and deliveries of messages',
    sql: `
      create table outbox (number integer primary key autoincrement, document text not null) strict;
      create table deliveries (
        tenant text not null, consumer text not null, message_id text not null, document text not null,
        primary key (tenant, consumer, message_id)
      ) strict;
      create index deliveries_due on deliveries (document ->> 'next_at') where document ->> 'status' = 'pending';
      create index deliveries_created on deliveries (document ->> 'created_at');`,
  },
  {
    name: 'messages of the outbox that were set aside, and why',
    sql: 'alter table outbox add column set_aside text;',
  },
];
