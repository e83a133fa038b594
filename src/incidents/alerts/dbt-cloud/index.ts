import { type AlertSource, finishAlert } from '../alert.js';
import { delivery, parseBody, readTime } from '../reading.js';
import { verifyBodyHmac } from '../signature.js';
import { dbtCloudEvent, dbtCloudOptions } from './schema.js';

/**
 * dbt Cloud says only that a job errored or completed; which model or test it was stands in the run's artifacts, which are fetched
 * by run id and read as dbt run results.
 */
export const dbtCloud: AlertSource = {
  type: 'dbt-cloud',
  auth: ['signature'],
  options: dbtCloudOptions,
  authNote: 'dbt Cloud signs every delivery and can send no other credentials',
  verifySignature: (check) => verifyBodyHmac(check, 'authorization'),
  parse(body, context) {
    const event = parseBody(dbtCloudEvent, body, 'dbt Cloud');
    const { data } = event;
    const errored = event.eventType === 'job.run.errored' || /error|cancel/i.test(data.runStatus ?? '');
    if (event.eventType === 'job.run.started')
      return delivery({ skipped: ['a run that starts is no alert'] });
    if (event.eventType !== 'job.run.completed' && event.eventType !== 'job.run.errored')
      return delivery({ skipped: [`event type ${event.eventType} is not known`] });
    const at =
      readTime(data.runErroredAt) ??
      readTime(data.runFinishedAt) ??
      readTime(event.timestamp) ??
      context.receivedAt;
    return delivery({
      alerts: [
        finishAlert('dbt-cloud', context, {
          status: errored ? 'firing' : 'resolved',
          kind: 'run',
          severity: 'error',
          title: `dbt job ${data.jobName || data.jobId} ${errored ? 'failed' : 'ran through'}`,
          description: data.runStatusMessage ?? '',
          url: null,
          asset: null,
          column: null,
          owners: [],
          at,
          dataSince: null,
          run: data.runId,
          labels: {
            job: data.jobName,
            project: data.projectName ?? '',
            environment: data.environmentName ?? '',
          },
          identity: [event.accountId, data.jobId],
        }),
      ],
      followUps: [{ kind: 'dbt-cloud-artifacts', accountId: event.accountId, runId: data.runId }],
    });
  },
};
