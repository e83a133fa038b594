import { provisionerTypes } from '../access/provisioners/registry.js';
import { executorConnectors } from '../backfills/executors/registry.js';
import { sourceTypes } from '../catalog/sources/registry.js';
import { RepositoryConfig } from '../definitions/repositories/registry.js';
import { alertSources } from '../incidents/alerts/registry.js';
import { pagers } from '../incidents/pagers/registry.js';
import { trackers } from '../incidents/trackers/registry.js';

/** Best first. A type without a tag is documented only, by the test in the folder of its name. */
const standings = ['real', 'contract', 'recorded', 'stand-in', 'documented'] as const;
type Standing = (typeof standings)[number];

const standingWords: Record<Standing, string> = {
  real: '*real*',
  contract: '*contract-tested*',
  recorded: '*recorded*',
  'stand-in': '*documented only*; run against a stand-in that others wrote',
  documented: '*documented only*',
};

interface Family {
  /** First word of a tag: `[provisioner snowflake: contract]`. */
  word: string;
  title: string;
  folder: string;
  types: readonly string[];
}

export const connectorFamilies: readonly Family[] = [
  {
    word: 'provisioner',
    title: 'Where access is given ([provisioners](provisioners.md))',
    folder: 'src/access/provisioners',
    types: provisionerTypes,
  },
  {
    word: 'executor',
    title: 'Where backfills run ([executors](executors.md))',
    folder: 'src/backfills/executors',
    types: executorConnectors.map(({ type }) => type),
  },
  {
    word: 'source',
    title: 'Where the catalog comes from ([catalog](catalog.md))',
    folder: 'src/catalog/sources',
    types: sourceTypes,
  },
  {
    word: 'alerts',
    title: 'Where alerts come from ([incidents](incidents.md))',
    folder: 'src/incidents/alerts',
    types: alertSources.map(({ type }) => type),
  },
  { word: 'pager', title: 'Pagers', folder: 'src/incidents/pagers', types: pagers.map(({ type }) => type) },
  {
    word: 'tracker',
    title: 'Ticket systems',
    folder: 'src/incidents/trackers',
    types: trackers.map(({ type }) => type),
  },
  {
    word: 'repository',
    title: 'Repositories of sources ([definitions](definitions.md))',
    folder: 'src/definitions/repositories',
    types: RepositoryConfig.options.map((option) => option.shape.type.value),
  },
];

interface Proof {
  file: string;
  title: string;
  standing: Standing;
}

/**
 * docs/connectors.md, from tags in the titles of tests (by path). Throws on a tag that names no connector, on a claim of `contract` whose suite opens no
 * published specification, and on a connector that no test knows.
 */
export function connectorsPage(
  tests: ReadonlyMap<string, string>,
  families: readonly Family[] = connectorFamilies,
): string {
  const proofs = readTags(tests, families);
  const parts = families.map((family) => {
    const rows = family.types.map((type) => {
      const mine = proofs.get(`${family.word} ${type}`) ?? [];
      if (mine.length === 0) return documentedOnly(family, type, tests);
      const best = standings.find((standing) => mine.some((proof) => proof.standing === standing)) ?? 'real';
      const shown = mine.map(({ title, file }) => `${cell(title)} (\`${file}\`)`);
      return `| \`${type}\` | ${standingWords[best]} | ${shown.join('; ')} |`;
    });
    return `## ${family.title}\n\n| type | standing | shown by |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Connectors: what each is proven against

Made from tags in the titles of tests by \`node scripts/coverage.mjs\`; a tag without its connector, or a connector without a test, fails.

- *real*: tests run it against the system itself or, where the protocol or format is our own, with both ends.
- *contract-tested*: requests and answers are held against the vendor's published specification. It has not been run against a live account.
- *recorded*: it reads files or messages that the system or its users wrote and others published.
- *documented only*: read and written as the vendor's documentation shows, with examples made from it.

${parts.join('\n')}`;
}

const tag = /\[([a-z]+) ([a-z0-9-]+): (real|contract|recorded|stand-in|documented)\]/g;

function readTags(
  tests: ReadonlyMap<string, string>,
  families: readonly Family[],
): ReadonlyMap<string, readonly Proof[]> {
  const words = new Set(families.map(({ word }) => word));
  const found = new Map<string, Proof[]>();
  for (const [file, text] of tests) {
    for (const match of text.matchAll(tag)) {
      const [whole, word = '', type = '', claimed] = match;
      if (!words.has(word)) continue;
      const standing = standings.find((one) => one === claimed) ?? 'documented';
      const family = families.find((one) => one.word === word);
      if (!family?.types.includes(type)) throw new Error(`${file}: ${whole} names no connector there is`);
      const before = text.slice(0, match.index);
      if (/\.(skip|todo)\(\s*['"`][^\n]*$/.test(before)) throw new Error(`${file}: ${whole} is left out`);
      if (standing === 'contract' && !/describeWithShared\(\s*'specs[^']*',\s*['"`][^\n]*$/.test(before))
        throw new Error(`${file}: ${whole} is not on a suite of a published specification`);
      const key = `${word} ${type}`;
      found.set(key, [...(found.get(key) ?? []), { file, standing, title: titleAround(text, match.index) }]);
    }
  }
  return found;
}

/** The string literal that holds this place, without its tags. */
function titleAround(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const opened = /(['"`])(?:(?!\1|\n).)*$/.exec(text.slice(lineStart, at));
  const quote = opened?.[1] ?? "'";
  const start = lineStart + (opened?.index ?? 0) + 1;
  return text
    .slice(start, text.indexOf(quote, at))
    .replaceAll(/\s*\[[^\]]*\]/g, '')
    .trim();
}

function documentedOnly(family: Family, type: string, tests: ReadonlyMap<string, string>): string {
  const beside = [...tests.keys()].find((file) => file.startsWith(`${family.folder}/${type}/`));
  if (beside === undefined) throw new Error(`no test says what ${family.word} ${type} is proven against`);
  return `| \`${type}\` | *documented only* | \`${beside}\` |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
