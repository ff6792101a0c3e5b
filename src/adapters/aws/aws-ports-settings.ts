import * as z from 'zod';
import { Failure } from '../../contracts/failure.ts';
import { LogLevel } from '../../contracts/log-entry.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string().min(1);

const Settings = z.object({
  TABLE_NAME: text,
  BUCKET_NAME: text,
  SECRET_PREFIX: text,
  MACHINE_ARN_PREFIX: text,
  FUNCTION_ARN_PREFIX: text,
  MACHINE_ROLE_ARN: text,
  LOG_GROUP_NAME: text,
  MODEL_KEY_SECRET: text.optional(),
  SURVEYOR_MODEL: text.optional(),
  SURVEYOR_REQUESTS_PER_MINUTE: z.coerce.number().int().nonnegative().default(600),
  SURVEYOR_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((origin) => origin !== '')),
  LOG_LEVEL: LogLevel.default('INFO'),
});

/** The settings of a function on AWS, checked. Fails with SETTING_INVALID and names every variable that is wrong. */
export const awsPortsSettings = (environment: Environment): z.infer<typeof Settings> => {
  const parsed = Settings.safeParse(environment);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`);
  throw new Failure(
    'SETTING_INVALID',
    `These environment variables are missing or wrong: ${complaints.join(', ')}. The stack sets them; deploy it again.`,
    { where: String(parsed.error.issues[0]?.path[0] ?? 'environment') },
  );
};
