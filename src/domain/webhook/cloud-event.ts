import type { Message } from '../../contracts/message.ts';

/** The media type of a CloudEvent as one JSON document. */
export const cloudEventType = 'application/cloudevents+json';

/** A message as receivers get it: a CloudEvent 1.0. `id` with `source` is the same however often it is sent. */
export const cloudEvent = ({ id, type, version, tenant, subject, time, data }: Message) => ({
  specversion: '1.0',
  id,
  source: `/surveyor/tenants/${tenant}`,
  type: `surveyor.${type}.v${version}`,
  subject,
  time,
  datacontenttype: 'application/json',
  data,
});
