/**
 * The page looks the same on every machine, and like what people know from Slack: its letters are Lato's. Bundled, so that no request leaves the
 * machine. The emoji of `base.css` are for machines that have no colour font.
 */
import '@fontsource/lato/400.css';
import '@fontsource/lato/400-italic.css';
import '@fontsource/lato/700.css';
import '@fontsource/lato/900.css';
