import { element, replyBubble, writtenBubble } from './bubbles.js';
import { standing } from './words.js';

const at = (id) => document.getElementById(id);
const [number, text, talk, list, numbers, problem, news] = ['number', 'text', 'talk', 'entries', 'numbers', 'problem', 'news'].map(at);

/** All entries by their ids, of all numbers, the oldest first. */
const entries = new Map();

async function ask(path, body) {
  problem.textContent = '';
  try {
    const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (response.ok) return true;
    const { detail, title } = await response.json();
    problem.textContent = detail ?? title;
  } catch {
    problem.textContent = 'The gateway does not answer. Is it still running?';
  }
  return false;
}

// The conversation

const currentNumber = () => number.value.trim();
const runOf = ({ id }) => [...entries.values()].find(({ run }) => run?.outcome?.gatewayMessageId === id)?.run;

async function act(action, guid, pressed) {
  pressed.disabled = true;
  if (!(await ask(`/phone/${action}`, { guid }))) pressed.disabled = false;
}

/** Draws an entry in its place, and keeps the focus where it was in it. A new one moves in. */
function draw(entry, isNew = false) {
  if (entry.number !== currentNumber()) return;
  const old = document.getElementById(`entry-${entry.id}`);
  const focused = old?.contains(document.activeElement) ? document.activeElement : undefined;
  const item = element('li', { id: `entry-${entry.id}`, className: entry.kind }, ...(entry.kind === 'written' ? writtenBubble(entry, act) : replyBubble(entry, runOf(entry))));
  const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;
  if (isNew) item.dataset.new = '';
  if (old) old.replaceWith(item);
  else list.append(item);
  if (focused) (item.querySelector(focused.className === 'run' ? '.run' : '.act') ?? talk).focus();
  if (isAtEnd || !old) talk.scrollTop = talk.scrollHeight;
  at('empty').hidden = true;
}

function drawAll() {
  list.replaceChildren();
  at('empty').hidden = false;
  for (const entry of entries.values()) draw(entry);
  drawNumbers();
}

/** The numbers that wrote or were replied to; a mark where a reply is parked. */
function drawNumbers() {
  const waiting = new Map();
  for (const entry of entries.values()) waiting.set(entry.number, waiting.get(entry.number) || (entry.kind === 'written' && Boolean(standing(entry).action)));
  const focused = numbers.contains(document.activeElement) ? document.activeElement.dataset.number : undefined;
  numbers.hidden = waiting.size < 2;
  numbers.replaceChildren(...[...waiting].reverse().map(([name, waits]) => {
    const made = element('button', { type: 'button', text: name }, waits && element('span', { className: 'waits', title: 'Something waits for you' }, element('span', { className: 'hidden', text: ' (something waits for you)' })));
    made.dataset.number = name;
    if (name === currentNumber()) made.setAttribute('aria-current', 'true');
    return made;
  }));
  if (focused) [...numbers.children].find((one) => one.dataset.number === focused)?.focus();
}

numbers.addEventListener('click', ({ target }) => {
  const chosen = target.closest('button');
  if (!chosen) return;
  number.value = chosen.dataset.number;
  drawAll();
});
number.addEventListener('input', drawAll);

/** Says to a screen reader what others see; what is still under way would only be noise. */
function tell(entry) {
  if (entry.kind === 'reply') return void (news.textContent = `Reply to ${entry.number}: ${entry.text}`);
  const { tone, title, detail } = standing(entry);
  if (tone !== 'busy') news.textContent = [entry.run?.verdict?.label, title, detail].filter(Boolean).join('. ');
}

// Writing

const composer = at('composer');
composer.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (!number.reportValidity() || currentNumber() === '') return;
  const written = text.value;
  if (written.trim() === '') return void text.focus();
  text.value = '';
  if (!(await ask('/phone/texts', { number: currentNumber(), text: written })) && text.value === '') text.value = written;
});
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
composer.querySelector('.ideas').addEventListener('click', ({ target }) => {
  if (target.type !== 'button') return;
  text.value = target.textContent;
  text.focus();
});

// The gateway

const switches = at('switches');
switches.addEventListener('change', ({ target }) => void ask('/phone/mode', { mode: target.value }));

function showMode(mode) {
  const left = at('strip').contains(document.activeElement);
  switches.elements.mode.value = mode;
  at('strip').hidden = mode === 'works';
  at('strip-mode').textContent = switches.querySelector(':checked + span b').textContent.toLowerCase();
  if (left && mode === 'works') text.focus();
}
at('work-again').addEventListener('click', () => void ask('/phone/mode', { mode: 'works' }));

function showTemporal({ problem: why }) {
  at('temporal').hidden = !why;
  at('temporal').textContent = why ? `What becomes of the texts cannot be seen now; none is lost. ${why}` : '';
}

// What happens

function live(is, words) {
  at('live').dataset.live = is ? 'yes' : 'no';
  at('live').textContent = words;
}

const events = new EventSource('/phone/events');
const on = (name, take) => events.addEventListener(name, ({ data }) => take(JSON.parse(data)));
events.addEventListener('open', () => live(true, 'Live'));
// Refused, and not lost: it does not try again by itself.
events.addEventListener('error', () => live(false, events.readyState === EventSource.CLOSED ? 'Too many pages: close one, and reload' : 'Reconnecting'));
on('state', (state) => {
  entries.clear();
  for (const entry of state.entries) entries.set(entry.id, entry);
  showMode(state.mode);
  showTemporal(state.temporal);
  drawAll();
});
on('entry', (entry) => {
  const isNew = !entries.has(entry.id);
  entries.set(entry.id, entry);
  draw(entry, isNew);
  const answered = entry.kind === 'written' && entries.get(entry.run?.outcome?.gatewayMessageId);
  if (answered) draw(answered);
  drawNumbers();
  tell(entry);
});
on('dropped', ({ id }) => {
  entries.delete(id);
  document.getElementById(`entry-${id}`)?.remove();
  drawNumbers();
});
on('mode', ({ mode }) => showMode(mode));
on('temporal', showTemporal);
