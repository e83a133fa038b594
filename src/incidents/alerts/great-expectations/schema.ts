import { z } from 'zod';
import { looseList, oneOrMany, optionalText } from '../reading.js';

const expectation = z.object({
  success: z.boolean().nullable(),
  expectation_type: z.string().nullish(),
  expectation_config: z
    .object({
      type: z.string().nullish(),
      expectation_type: z.string().nullish(),
      kwargs: z.record(z.string(), z.unknown()).default({}),
    })
    .nullish(),
  kwargs: z.record(z.string(), z.unknown()).nullish(),
});
export type Expectation = z.infer<typeof expectation>;

const suite = z.object({
  success: z.boolean().nullable(),
  suite_name: optionalText,
  test_suite_name: optionalText,
  asset_name: optionalText,
  data_asset_name: optionalText,
  results: looseList(expectation).catch({ items: [], bad: 0 }),
  expectations: looseList(expectation).catch({ items: [], bad: 0 }),
  meta: z
    .object({
      checkpoint_name: z.string().nullish(),
      run_id: z.object({ run_name: z.string().nullish(), run_time: z.string().nullish() }).nullish(),
    })
    .nullish(),
  result_url: optionalText,
});
export type Suite = z.infer<typeof suite>;

/** A checkpoint's describe_dict, one suite's result, or the list that the legacy action meant to send. */
export const greatExpectationsBody = oneOrMany(suite, 'validation_results');
