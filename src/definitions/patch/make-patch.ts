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

export interface EditedFile {
  path: string;
  /** The whole file with the change in it. */
  text: string;
  /** The same as a unified diff. */
  patch: string;
}

/** The file that holds the definition with the change in it; as it was where it has that already, null where its layout is not one we can edit without harm. */
export function editFile(
  file: { path: string; text: string },
  asset: Pick<Asset, 'kind' | 'name'>,
  change: Change,
): EditedFile | null {
  const edited = editYaml(file.text, { name: asset.name, lists: lists[asset.kind] ?? [] }, editsOf(change));
  if (edited === null) return null;
  return { path: file.path, text: edited, patch: unifiedDiff(file.path, file.text, edited) };
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
