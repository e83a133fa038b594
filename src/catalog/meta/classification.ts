import { allValues, type MetaLayer } from './layers.js';
import { asBoolean, asTexts, unique } from './values.js';

const labelKeys = [
  'classification',
  'classifications',
  'data_classification',
  'sensitivity',
  'privacy',
  'privacy_tier',
  'privacy_level',
];
const flagKeys = [
  'pii',
  'contains_pii',
  'has_pii',
  'is_pii',
  'phi',
  'gdpr',
  'sensitive',
  'confidential',
  'restricted',
];
const sensitiveTag =
  /^(?:pii|phi|pci|gdpr|sensitive|confidential|restricted|secret|financial|(?:privacy|sensitivity|classification|pii|data_class)\b.+)$/i;

/** Sensitivity labels, lower case: from `classification: …`, from flags such as `contains_pii: true`, and from tags that are such labels. */
export function classificationOf(layers: readonly MetaLayer[], tags: readonly string[]): string[] {
  const labels = allValues(layers, labelKeys).flatMap((value) => asTexts(value, { split: true }));
  const flags = flagKeys.flatMap((key) =>
    allValues(layers, [key]).flatMap((value) => {
      const flag = asBoolean(value);
      const label = key.replace(/^(?:contains|has|is)_/, '');
      if (flag !== undefined) return flag ? [label] : [];
      // `pii: [email, phone]` says what kind of it.
      return asTexts(value, { split: true }).length > 0 ? [label] : [];
    }),
  );
  const ofTags = tags.filter((tag) => sensitiveTag.test(tag));
  return unique([...labels, ...flags, ...ofTags].map((label) => label.toLowerCase()));
}
