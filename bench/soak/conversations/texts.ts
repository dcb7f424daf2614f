import type { ReplyKind } from './reply-kinds.js';

/** What a text of a conversation says. `machine`: an automatic response to a reply. */
export type Says = 'agree' | 'disagree' | 'question' | 'stop' | 'stop-again' | 'start' | 'help' | 'machine';

/** A text of a conversation that got its first 200. Times are in Unix milliseconds. */
export interface Said {
  workflowId: string;
  number: string;
  says: Says;
  /** When it was first posted. */
  postedAt: number;
  /** When it was acknowledged. */
  at: number;
}

/** The words of each text. Those of both STOPs differ, since the same words again would be a double. */
export const words: Readonly<Record<Exclude<Says, 'machine'>, readonly string[]>> = {
  agree: ['Yes, I agree', 'Sí, de acuerdo'],
  disagree: ['I do not agree'],
  question: ['Do you open on Sundays?'],
  stop: ['STOP', 'Stopp', 'ARRÊT', 'baja', 'Parar', 'basta', 'стоп', '退订', '配信停止', '수신거부', 'στοπ', 'dừng'],
  'stop-again': [
    'unsubscribe',
    'Abmelden',
    'désabonner',
    'darme de baja',
    'descadastrar',
    'disiscrivimi',
    'отписаться',
  ],
  start: ['START', 'starten', 'alta', 'reativar', 'старт', '開始'],
  help: ['HELP', 'Hilfe', 'ayuda', 'ajuda', 'помощь', '帮助'],
};

/** A machine numbers its texts, so that none is a double. */
export const machineWords = (index: number) => `We have received your text and will write soon. Reference ${index}`;

/**
 * The kind of reply to each text. Within one conversation of a person all are different, but for the two STOPs, so
 * that each reply belongs to one text.
 */
export const replyTo: Readonly<Record<Says, ReplyKind>> = {
  agree: 'Agree',
  disagree: 'Disagree',
  question: 'Neutral',
  stop: 'stop',
  'stop-again': 'stop',
  start: 'start',
  help: 'help',
  machine: 'Neutral',
};
