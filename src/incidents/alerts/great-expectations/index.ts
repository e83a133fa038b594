import { type AlertSource, finishAlert } from '../alert.js';
import { badRows, delivery, parseBody, readKind, readTime } from '../reading.js';
import { verifyTimedHmac } from '../signature.js';
import { type Expectation, greatExpectationsBody, type Suite } from './schema.js';

/**
 * Great Expectations. Its APINotificationAction hands a list to a form encoder and raises, and is missing from the checkpoint's
 * actions: what is read here is the JSON that a custom action of a few lines posts (docs/incidents.md).
 */
export const greatExpectations: AlertSource = {
  type: 'great-expectations',
  auth: ['signature', 'bearer', 'basic', 'header'],
  verifySignature: (check) => verifyTimedHmac(check, 'x-steward-signature'),
  parse(body, context) {
    const { items, bad } = parseBody(greatExpectationsBody, body, 'Great Expectations');
    const skipped = badRows(bad, 'validation results');
    const alerts = [];
    for (const suite of items) {
      const asset = suite.asset_name ?? suite.data_asset_name;
      if (suite.success === null || asset === null) {
        skipped.push('a validation result without success or asset name was left out');
        continue;
      }
      const broken = [...suite.results.items, ...suite.expectations.items].filter(
        ({ success }) => success === false,
      );
      const names = broken.map(nameOf);
      const name = suite.suite_name ?? suite.test_suite_name ?? 'suite';
      alerts.push(
        finishAlert('great-expectations', context, {
          status: suite.success ? 'resolved' : 'firing',
          kind: kindOf(names),
          severity: 'error',
          title: suite.success
            ? `${name} on ${asset} passes`
            : `${name} on ${asset} fails ${broken.length || 'some'} expectations`,
          description: names.slice(0, 10).join(', '),
          url: suite.result_url,
          asset: { name: asset, ...(asset.includes('.') ? { relation: asset } : {}) },
          column: columnOf(broken[0]),
          owners: [],
          at: timeOf(suite) ?? context.receivedAt,
          dataSince: null,
          run: suite.meta?.run_id?.run_name ?? null,
          labels: { check: name, checkpoint: suite.meta?.checkpoint_name ?? '' },
          identity: [name, asset],
        }),
      );
    }
    return delivery({ alerts, skipped });
  },
};

function nameOf(expectation: Expectation): string {
  const config = expectation.expectation_config;
  const type = config?.type ?? config?.expectation_type ?? expectation.expectation_type ?? 'expectation';
  const column = columnOf(expectation);
  return column === null ? type : `${type}(${column})`;
}

function columnOf(expectation: Expectation | undefined): string | null {
  const column = (expectation?.expectation_config?.kwargs ?? expectation?.kwargs)?.column;
  return typeof column === 'string' ? column : null;
}

function timeOf(suite: Suite): Date | null {
  return readTime(suite.meta?.run_id?.run_time);
}

function kindOf(names: readonly string[]): 'volume' | 'schema' | 'test' {
  const first = readKind(names[0] ?? '');
  return first === 'volume' ? 'volume' : /columns_to_match|schema/.test(names[0] ?? '') ? 'schema' : 'test';
}
