import { foreignOptions } from '../address/foreign-options.ts';
import { serverAddress } from '../address/server-address.ts';

/** A database on a MySQL or MariaDB server. */
export const mysqlAddress = serverAddress('mysql', {
  schemes: ['mysql', 'mariadb'],
  nicknames: [],
  port: 3306,
  options: {
    tls: {
      whose: 'MySQL’s',
      option: 'ssl-mode',
      modes: new Map([
        ['DISABLED', 'disable'],
        ['PREFERRED', 'prefer'],
        ['REQUIRED', 'require'],
        ['VERIFY_CA', 'verify-ca'],
        ['VERIFY_IDENTITY', 'verify-full'],
      ]),
    },
    foreign: foreignOptions([
      {
        // How values look is decided here, and what a driver does with many statements or writes is never done.
        names: `charset characterencoding character_set use_unicode useunicode collation connectioncollation
          allowpublickeyretrieval allownativepasswords allowcleartextpasswords servertimezone timezone time_zone loc
          parsetime autoreconnect zerodatetimebehavior allowmultiqueries multistatements multiplestatements
          rewritebatchedstatements useaffectedrows clientfoundrows maxallowedpacket cacheprepstmts useserverprepstmts
          tinyint1isbit interpolateparams usecursorfetch datestrings supportbignumbers bignumberstrings decimalnumbers
          read_timeout write_timeout readtimeout writetimeout timeout autocommit enablequerytimeouts
          nullcatalogmeanscurrent nulldatabasemeanscurrent permitmysqlscheme uselegacydatetimecode checkconnliveness
          columnswithalias debug trace raise_on_warnings buffered compress`,
      },
      {
        names: 'allowloadlocalinfile allowallfiles local_infile allow_local_infile',
        harmless: /^(0|false|no|off)$/i,
        instead: 'leave it out: no file is ever sent to a server',
      },
      {
        names: 'unix_socket socket socketpath',
        harmless: /(?!)/,
        instead: 'leave it out, and name a host and a port: sockets of a machine are not opened',
      },
      {
        names: 'init_command initcommand sessionvariables sql_mode',
        harmless: /(?!)/,
        instead: 'leave it out: Surveyor sets its sessions itself',
      },
    ]),
  },
});
