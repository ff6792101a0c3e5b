import 'reflect-metadata';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import {
  BasicConstraintsExtension,
  type GeneralNameType,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A request that a receiver got. */
export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A receiver of webhooks on loopback, over TLS. */
export type WebhookReceiver = {
  readonly port: number;
  readonly received: readonly Received[];
  close(): Promise<void>;
};

type Certificate = { readonly key: string; readonly cert: string };

/** A certificate of these names and addresses, signed by itself. */
export const createCertificate = async (names: readonly string[]): Promise<Certificate> => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const alternatives = names.map((value): { type: GeneralNameType; value: string } => ({
    type: /^[\d.]+$/.test(value) ? 'ip' : 'dns',
    value,
  }));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=webhook receiver',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true), new SubjectAlternativeNameExtension(alternatives)],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') };
};

/** Makes this process trust a certificate, as a machine does whose operator has installed it. Gives back how to take it back. */
export const trust = (certificate: string): (() => void) => {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, certificate]);
  return () => tls.setDefaultCACertificates(before);
};

/** Starts one that answers as it is told, at an address of loopback. */
export const startWebhookReceiver = async (
  { key, cert }: Certificate,
  answer: (response: ServerResponse, request: Received) => void,
  { address = '127.0.0.1', port = 0 }: { readonly address?: string; readonly port?: number } = {},
): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    void read(request).then((body) => {
      const one = { headers: request.headers, body };
      received.push(one);
      answer(response, one);
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const read = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};
