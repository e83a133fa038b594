import { impactFor, impactSentence } from '../../definitions/impact.js';
import type { DefinitionRow } from '../../definitions/record.js';
import type { DefinitionText, Impact } from '../../definitions/text.js';
import { escapeMrkdwn, truncate } from '../mrkdwn.js';

const fieldNames: Record<keyof DefinitionText, string> = {
  description: 'Definition',
  label: 'Label',
  synonyms: 'Other names',
  caveats: 'Caveats',
};

export interface FieldChange {
  name: string;
  from: string;
  to: string;
}

/** What is to change, field by field, in plain words. */
export function changesOf(change: Pick<DefinitionRow, 'present' | 'proposed'>): FieldChange[] {
  const fields: (keyof DefinitionText)[] = ['description', 'label', 'synonyms', 'caveats'];
  return fields.flatMap((field) => {
    const to = change.proposed[field];
    if (to === undefined) return [];
    return [{ name: fieldNames[field], from: spoken(change.present[field]), to: spoken(to) }];
  });
}

function spoken(value: string | readonly string[]): string {
  const text = typeof value === 'string' ? value : value.join('; ');
  return text.trim() === '' ? 'nothing' : text.trim();
}

/** One mrkdwn block per field: what it says and is to say, or, once that is in force, what it said and says. */
export function changeBlocksText({ name, from, to }: FieldChange, inForce: boolean): string {
  const [was, is] = inForce ? ['Before', 'Now'] : ['Now', 'New'];
  return `*${name}*\n*${was}:* ${escapeMrkdwn(truncate(from, 1_100))}\n*${is}:* ${escapeMrkdwn(truncate(to, 1_100))}`;
}

/** Who builds on it, with owners, as far as the reader may know of it. */
export function impactLines(whole: Impact, maySee: (assetId: string) => boolean, most = 8): string {
  const impact = impactFor(whole, maySee);
  const shown = impact.named;
  const lines = shown
    .slice(0, most)
    .map(
      ({ name, kind, tier, owners }) =>
        `• ${escapeMrkdwn(truncate(name, 80))} (${kind === 'exposure' ? 'dashboard' : kind}${tier === undefined ? '' : `, tier ${tier}`})${owners.length > 0 ? `, ${escapeMrkdwn(truncate(owners.join(', '), 80))}` : ''}`,
    );
  const rest = impact.total - Math.min(shown.length, most);
  if (rest > 0 && lines.length > 0) lines.push(`• and ${rest} more`);
  return [`*${impactSentence(impact)}*`, ...lines].join('\n');
}
