import { createHash } from 'node:crypto';

/**
 * The id of an asset: a name-based uuid (RFC 9562 version 5 layout) of its source and native identifier. Files alone
 * and the database therefore agree, and a sync that sees an asset again finds the same row.
 */
export function assetId(source: string, sourceId: string): string {
  const digest = createHash('sha1').update(`steward-asset\0${source}\0${sourceId}`).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
