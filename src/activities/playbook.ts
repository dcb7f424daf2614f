import type { Label } from '../message.js';

/** What each label means, told to the model, and what is answered to it. */
export type Playbook = Readonly<Record<Label, { meaning: string; answer: string | null }>>;

export const defaultPlaybook: Playbook = {
  Agree: {
    meaning: 'The sender says yes: agrees, accepts, confirms, supports.',
    answer: 'Thank you for saying yes! We have noted your answer and will be in touch with the next steps.',
  },
  Disagree: {
    meaning: 'The sender says no: disagrees, declines, refuses, opposes.',
    answer: 'Thank you for telling us. We have noted that your answer is no.',
  },
  Neutral: {
    meaning: 'Anything else: a question, undecided, both yes and no, off the subject, or nothing that can be read as an answer.',
    answer: 'Thank you for your message. A person will read it. To answer right away, reply YES or NO.',
  },
};

export const labels = Object.keys(defaultPlaybook) as [Label, ...Label[]];
