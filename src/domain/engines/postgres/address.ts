import { foreignOptions } from '../address/foreign-options.ts';
import { serverAddress } from '../address/server-address.ts';

/** Settings of a session that Surveyor makes itself, or that change nothing of what it reads. */
const sessionSettings =
  'statement_timeout|lock_timeout|idle_in_transaction_session_timeout|timezone|datestyle|intervalstyle|client_encoding|application_name|default_transaction_read_only|jit';

const instead = 'leave it out, and name the tables with their schemas, as in sales.orders';

/** `-c name=value`, any number of them; Neon's `endpoint=` and `project=`, Supabase's `reference=`, which poolers read. */
const harmlessOptions = new RegExp(
  `^\\s*(?:(?:-c\\s*|--)(?:${sessionSettings})=\\S*\\s*|(?:-c\\s*|--)search_path=public\\s*|(?:endpoint|project|reference)=\\S*\\s*)*$`,
  'i',
);

/** A database on a PostgreSQL server. */
export const postgresAddress = serverAddress('postgres', {
  schemes: ['postgresql', 'postgres'],
  nicknames: ['postgres', 'psql', 'pgsql', 'pg'],
  port: 5432,
  options: {
    foreign: foreignOptions([
      {
        names: `fallback_application_name client_encoding keepalives keepalives_idle keepalives_interval keepalives_count
          tcp_user_timeout pgbouncer statement_timeout lock_timeout idle_in_transaction_session_timeout query_timeout
          preparethreshold prepare_threshold default_query_exec_mode pool_max_conns pool_min_conns max_conns min_conns
          load_balance_hosts sslcompression sslsni uselibpqcompat rewritebatchedinserts stringtype assumeminserverversion
          disable_prepared_binary_result gsslib krbsrvname`,
      },
      {
        names: 'channel_binding',
        harmless: /^(disable|prefer|require)$/,
        instead: 'write disable, prefer or require',
      },
      {
        names: 'gssencmode',
        harmless: /^(disable|prefer)$/,
        instead: 'leave it out and write sslmode=require: connections are encrypted with TLS alone',
      },
      {
        names: 'sslnegotiation',
        harmless: /^postgres$/,
        instead: 'leave it out: TLS is asked for in the way that every version of PostgreSQL knows',
      },
      {
        names: 'ssl_min_protocol_version',
        harmless: /^(TLSv1|TLSv1\.1|TLSv1\.2)$/,
        instead: 'leave it out: TLS 1.2 is the least',
      },
      {
        names: 'target_session_attrs targetservertype',
        harmless: /^(any|prefer-standby|prefersecondary|read-only|standby|secondary)$/i,
        instead: 'leave it out: the one host that is named is surveyed, and nothing is written there',
      },
      { names: 'schema currentschema search_path', harmless: /^public$/, instead },
      { names: 'options', harmless: harmlessOptions, instead: `${instead}; other settings can be left out` },
      {
        names: 'hostaddr dbname',
        harmless: /(?!)/,
        instead: 'write it before the options, as in user:password@host:port/database',
      },
      {
        names: 'service servicefile passfile requirepeer',
        harmless: /(?!)/,
        instead: 'write what it stands for: the sandbox that connects has no file of yours',
      },
    ]),
  },
});
