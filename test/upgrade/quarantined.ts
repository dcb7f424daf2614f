import { queryInbox } from '../helpers/inbox-file.js';
import type { Installation } from './installation.js';

/** How many posts the quarantines of an installation have, all apis together. */
export const quarantined = ({ dataDirs }: Installation): number =>
  dataDirs.flatMap((folder) => queryInbox(folder, 'SELECT id FROM quarantine')).length;
