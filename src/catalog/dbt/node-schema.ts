import { z } from 'zod';
import type { Provenance } from '../asset.js';
import { object, text, texts } from '../meta/fields.js';
import { type PlainObject, unique } from '../meta/values.js';
import type { DbtNode } from './specs.js';

/** What a file knows of a node that the node does not say itself. */
export interface NodeIdentity {
  uniqueId: string;
  packageName: string;
  file?: string;
  place: Provenance;
  /** Expands `{{ doc('…') }}`; compiled files have it done already. */
  describe?: (description: string) => string;
}

const Node = z.object({
  name: text,
  label: text,
  description: text,
  tags: texts,
  meta: object,
  group: text,
  config: object,
});

/** The part that models, sources, exposures, semantic models and metrics share. */
export function parseNode(raw: PlainObject, identity: NodeIdentity): DbtNode {
  const node = Node.parse(raw);
  const group = node.group ?? text.parse(node.config.group);
  const description = node.description ?? '';
  return {
    uniqueId: identity.uniqueId,
    name: node.name ?? identity.uniqueId,
    packageName: identity.packageName,
    description: identity.describe?.(description) ?? description,
    tags: unique([...node.tags, ...texts.parse(node.config.tags)]),
    metas: [node.meta, node.config.meta],
    place: identity.place,
    ...(node.label === undefined ? {} : { label: node.label }),
    ...(group === undefined ? {} : { group }),
    ...(identity.file === undefined ? {} : { file: identity.file }),
  };
}
