import { clock, receiptWords, standing } from './words.js';

/** Creates an element with a text or with children. A text never becomes markup. */
export function element(name, { text, ...properties } = {}, ...parts) {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...parts.filter(Boolean));
  return made;
}

/** The bubble of a text that was written here, and its state. */
export function writtenBubble(entry, act) {
  const { tone, title, detail, action } = standing(entry);
  const { verdict } = entry.run ?? {};
  const labelled =
    verdict &&
    element(
      'span',
      { className: 'label', text: verdict.label },
      element('small', { text: `by ${verdict.by === 'openai' ? 'OpenAI' : 'rules'}` }),
    );
  if (labelled) labelled.dataset.label = verdict.label;
  const state = element(
    'div',
    { className: 'state' },
    element(
      'p',
      { className: 'line' },
      labelled,
      element('span', { className: 'title', text: title }),
      runLink(entry.run),
    ),
    detail && element('p', { className: 'detail', text: detail }),
    action && button(entry, action, act),
  );
  state.dataset.tone = tone;
  return [bubble(entry), state];
}

/** The bubble of a reply. `run` is the run that sent it, when known. */
export function replyBubble(entry, run) {
  return [
    bubble(entry),
    (run || entry.receipt) &&
      element(
        'div',
        { className: 'state' },
        element(
          'p',
          { className: 'line' },
          element('span', { className: 'title', text: receiptWords(entry.receipt) }),
          runLink(run),
        ),
      ),
  ];
}

function bubble({ text, at }) {
  return element(
    'div',
    { className: 'bubble' },
    element('p', { text: text === '' ? '(an empty text)' : text }),
    element('time', { dateTime: at, text: clock(at) }),
  );
}

/** A link to the run in Temporal Web UI. None when its address isn't configured: `url` is only a path then. */
function runLink(run) {
  if (!run || !/^https?:\/\//.test(run.url)) return undefined;
  return element(
    'a',
    {
      className: 'run',
      href: run.url,
      target: '_blank',
      rel: 'noopener',
      title: 'Opens the run in Temporal Web UI',
      text: 'run',
    },
    element('span', { className: 'hidden', text: ' in Temporal Web UI, in a new tab' }),
  );
}

const buttons = { release: 'Send the reply again', 'post-again': 'Send the text again' };

function button({ id }, action, act) {
  const made = element('button', { type: 'button', className: 'act', text: buttons[action] });
  made.dataset.action = action;
  made.addEventListener('click', () => act(action, id, made));
  return made;
}
