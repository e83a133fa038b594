import type { Asset } from '../../catalog/asset.js';
import type { DefinitionRow } from '../record.js';
import { editYaml, type YamlEdits } from './edit-yaml.js';
import { unifiedDiff } from './unified-diff.js';

/** Lists under which dbt and its like keep what has a name. */
const lists: Partial<Record<Asset['kind'], readonly string[]>> = {
  metric: ['metrics'],
  model: ['models', 'seeds', 'snapshots'],
  source: ['tables', 'sources'],
  exposure: ['exposures'],
};

type Change = Pick<DefinitionRow, 'kind' | 'proposed' | 'successor' | 'last_day'>;

/** A unified diff of the file that holds the definition, or null where its layout is not one we can edit without harm. */
export function makePatch(
  file: { path: string; text: string },
  asset: Pick<Asset, 'kind' | 'name'>,
  change: Change,
): string | null {
  const edited = editYaml(file.text, { name: asset.name, lists: lists[asset.kind] ?? [] }, editsOf(change));
  if (edited === null || edited === file.text) return null;
  return unifiedDiff(file.path, file.text, edited);
}

function editsOf({ kind, proposed, successor, last_day: lastDay }: Change): YamlEdits {
  if (kind === 'deprecate') {
    return {
      own: {},
      meta: {
        ...(lastDay === null ? {} : { deprecation_date: lastDay }),
        ...(successor === null ? {} : { successor }),
      },
    };
  }
  return {
    own: {
      ...(proposed.label === undefined ? {} : { label: proposed.label }),
      ...(proposed.description === undefined ? {} : { description: proposed.description }),
    },
    meta: {
      ...(proposed.synonyms === undefined ? {} : { synonyms: proposed.synonyms }),
      ...(proposed.caveats === undefined ? {} : { caveats: proposed.caveats }),
    },
  };
}

/** For sources without a file of their own: what is to be written there, field by field. */
export function plainPatch(assetName: string, change: Change): string {
  const { own, meta } = editsOf(change);
  const lines = Object.entries({ ...own, ...meta }).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : value.join('; ')}`,
  );
  return [`In the source of ${assetName}, set:`, ...lines, ''].join('\n');
}
