import { stoppedTopics } from '../../notices/stop-notices.js';
import { button, header, section } from '../blocks.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { resumeActionId } from '../stop-button.js';
import type { HomeSection } from '../surface.js';

/** Where a "Stop these" is taken back. */
export const stoppedNotices: HomeSection = {
  name: 'notices you stopped',
  order: 90,
  render: async (services, person) => {
    const stopped = await stoppedTopics(services.db, person.id);
    if (stopped.length === 0) return [];
    return [
      header('Notices you stopped'),
      ...stopped.map((topic) =>
        section(
          escapeMrkdwn(`${topic.title.charAt(0).toUpperCase()}${topic.title.slice(1)}`),
          button({
            text: 'Get them again',
            actionId: resumeActionId,
            value: topic.id,
            label: `Get ${topic.title} again`,
          }),
        ),
      ),
    ];
  },
};
