import { codeLine, nameOf, plain } from '../answers/words.js';
import type { Asset } from '../catalog/asset.js';
import type { PhrasedRecord } from './check-phrasing.js';

/** For whom, and until when, a model is asked. */
export interface Asker {
  personId: string;
  now: Date;
  /** Colleagues' names, which must not leave where a question or a description has them. */
  names?: readonly string[];
  /** When the time for the whole answer is up, however many calls it takes. */
  deadline?: AbortSignal;
  /** When the person no longer wants it. */
  stop?: AbortSignal;
}

/** What others wrote, fenced, with no way to close the fence from inside. */
export function untrusted(text: string): string {
  return `<untrusted>\n${text.replace(/<\/?untrusted>/gi, ' ')}\n</untrusted>`;
}

/** Names of the owners, which stay here. */
export function namesIn(assets: readonly Asset[]): string[] {
  return assets.flatMap((asset) =>
    [...asset.owners, ...(asset.backupOwner ? [asset.backupOwner] : [])].flatMap((owner) =>
      owner.name === undefined ? [] : [owner.name],
    ),
  );
}

/** What a model reads of an asset. */
export function recordOf(asset: Asset): PhrasedRecord {
  const lines = [
    `name: ${nameOf(asset)}`,
    `identifier: ${asset.name}`,
    `description: ${plain(asset.description, 900)}`,
    ...(asset.formula ? [`formula: ${codeLine(asset.formula.expression, 300)}`] : []),
    ...(asset.filters.length > 0 ? [`filters: ${codeLine(asset.filters.join('; '), 200)}`] : []),
    ...(asset.caveats.length > 0 ? [`caveats: ${plain(asset.caveats.join(' '), 300)}`] : []),
    ...(asset.grain ? [`grain: ${asset.grain}`] : []),
    ...(asset.unit ? [`unit: ${asset.unit}`] : []),
  ];
  return { id: asset.sourceId, text: lines.join('\n') };
}
