import { element, replyBubble, writtenBubble } from './bubbles.js';
import { createContactStrip } from './contact-strip.js';
import { standing } from './words.js';

const at = (id) => document.getElementById(id);
const [number, text, talk, list, numbers, problem, news] = [
  'number',
  'text',
  'talk',
  'entries',
  'numbers',
  'problem',
  'news',
].map(at);

/** All entries of all numbers by id, oldest first. */
const entries = new Map();

/** The sender of each number that was seen. All notations of a number are one sender, and have one conversation. */
const senders = new Map();
let currentSender = '';

/** What is remembered of each sender that was shown. */
const contacts = new Map();

/** The server's id of this page. */
let pageId = '';

const postJson = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function send(path, body) {
  problem.textContent = '';
  try {
    const response = await postJson(path, body);
    if (response.ok) return true;
    const { detail, title } = await response.json();
    problem.textContent = detail ?? title;
  } catch {
    problem.textContent = 'The gateway does not respond. Is it still running?';
  }
  return false;
}

// The conversation

const currentNumber = () => number.value.trim();
/** The run that sent a reply: where the gateway has our mark of the send, the mark begins with the id of the run. */
const runOf = ({ id, mark }) =>
  [...entries.values()].find(
    ({ run }) => run && (run.outcome?.gatewayMessageId === id || mark?.startsWith(`${run.workflowId}.`)),
  )?.run;

async function act(action, guid, button) {
  button.disabled = true;
  if (!(await send(`/phone/${action}`, { guid }))) button.disabled = false;
}

/** Draws an entry in its place and keeps the focus inside it. A new entry is animated. */
function draw(entry, isNew = false) {
  if (entry.sender !== currentSender) return;
  const old = document.getElementById(`entry-${entry.id}`);
  const focused = old?.contains(document.activeElement) ? document.activeElement : undefined;
  const item = element(
    'li',
    { id: `entry-${entry.id}`, className: entry.kind },
    ...(entry.kind === 'written' ? writtenBubble(entry, act) : replyBubble(entry, runOf(entry))),
  );
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

/** Shows the conversation of the number field. */
function showConversation() {
  showSender(senders.get(currentNumber()) ?? '');
  telling ??= tellNumber().finally(() => (telling = undefined));
}

function showSender(sender) {
  currentSender = sender;
  drawAll();
  contactStrip.show(contacts.get(sender));
}

/** The request that is under way: a later one must not arrive before it. */
let telling;

/** Tells the server which number is shown, and learns its sender. What is remembered of it comes as an event. */
async function tellNumber() {
  for (let told; told !== `${pageId} ${currentNumber()}`;) {
    const wanted = currentNumber();
    if (wanted === '') return;
    told = `${pageId} ${wanted}`;
    try {
      const response = await postJson('/phone/shown', { page: pageId, number: wanted });
      if (!response.ok) return;
      senders.set(wanted, (await response.json()).sender);
    } catch {
      // The gateway doesn't respond, which the page shows. It tells it again once the gateway is back.
      return;
    }
    if (wanted === currentNumber() && senders.get(wanted) !== currentSender) showSender(senders.get(wanted));
  }
}

function keep(entry) {
  entries.set(entry.id, entry);
  senders.set(entry.number, entry.sender);
}

/** Draws the numbers that have texts or replies. A mark shows that a number has something to act on. */
function drawNumbers() {
  const shown = new Map();
  for (const entry of entries.values()) {
    const { name = entry.number, isMarked = false } = shown.get(entry.sender) ?? {};
    shown.set(entry.sender, {
      name,
      isMarked: isMarked || (entry.kind === 'written' && Boolean(standing(entry).action)),
    });
  }
  const focused = numbers.contains(document.activeElement) ? document.activeElement.dataset.sender : undefined;
  numbers.hidden = shown.size < 2;
  numbers.replaceChildren(
    ...[...shown].reverse().map(([sender, { name, isMarked }]) => {
      const made = element(
        'button',
        { type: 'button', text: name },
        isMarked &&
          element(
            'span',
            { className: 'waits', title: 'Needs your action' },
            element('span', { className: 'hidden', text: ' (needs your action)' }),
          ),
      );
      Object.assign(made.dataset, { number: name, sender });
      if (sender === currentSender) made.setAttribute('aria-current', 'true');
      return made;
    }),
  );
  if (focused) [...numbers.children].find((one) => one.dataset.sender === focused)?.focus();
}

numbers.addEventListener('click', ({ target }) => {
  const chosen = target.closest('button');
  if (!chosen) return;
  number.value = chosen.dataset.number;
  showConversation();
});
number.addEventListener('input', showConversation);

/** Announces a change to screen readers; states that are still in progress would only be noise. */
function announce(entry) {
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
  if (!(await send('/phone/texts', { number: currentNumber(), text: written })) && text.value === '')
    text.value = written;
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

// The contact

const contactStrip = createContactStrip(at('contact'), {
  resume: () => send('/phone/resume', { number: currentNumber() }),
  leave: () => text.focus(),
});

// The gateway

const switches = at('switches');
const { doubles } = switches.elements;
switches.addEventListener('change', ({ target }) => {
  if (target === doubles) void send('/phone/doubles', { doublesTexts: doubles.checked });
  else void send('/phone/mode', { mode: target.value });
});

function showMode(mode) {
  const hadFocus = at('strip').contains(document.activeElement);
  switches.elements.mode.value = mode;
  at('strip').hidden = mode === 'works';
  at('strip-mode').textContent = switches.querySelector('[name=mode]:checked + span b').textContent.toLowerCase();
  if (hadFocus && mode === 'works') text.focus();
}
at('work-again').addEventListener('click', () => void send('/phone/mode', { mode: 'works' }));

function showTemporal({ problem: reason }) {
  at('temporal').hidden = !reason;
  at('temporal').textContent = reason ? `The state of the texts can't be shown now; no text is lost. ${reason}` : '';
}

// Events

function showLive(isLive, words) {
  at('live').dataset.live = isLive ? 'yes' : 'no';
  at('live').textContent = words;
}

const events = new EventSource('/phone/events');
const on = (name, handle) => events.addEventListener(name, ({ data }) => handle(JSON.parse(data)));
events.addEventListener('open', () => showLive(true, 'Live'));
// CLOSED: the server refused the stream, and the browser doesn't reconnect.
events.addEventListener('error', () =>
  showLive(false, events.readyState === EventSource.CLOSED ? 'Too many pages: close one and reload' : 'Reconnecting'),
);
on('state', (state) => {
  pageId = state.page;
  entries.clear();
  for (const entry of state.entries) keep(entry);
  showMode(state.mode);
  doubles.checked = state.doublesTexts;
  showTemporal(state.temporal);
  showConversation();
});
on('entry', (entry) => {
  const isNew = !entries.has(entry.id);
  keep(entry);
  draw(entry, isNew);
  if (entry.run)
    for (const reply of entries.values()) if (reply.kind === 'reply' && runOf(reply) === entry.run) draw(reply);
  drawNumbers();
  announce(entry);
});
on('dropped', ({ id }) => {
  entries.delete(id);
  document.getElementById(`entry-${id}`)?.remove();
  drawNumbers();
});
on('contact', (contact) => {
  contacts.set(contact.sender, contact);
  if (contact.sender === currentSender) contactStrip.show(contact);
});
on('mode', ({ mode }) => showMode(mode));
on('doubles', ({ doublesTexts }) => (doubles.checked = doublesTexts));
on('temporal', showTemporal);
