import { contactWords } from './contact-words.js';

/**
 * Shows what is remembered of a sender. The button asks to resume automatic replies.
 *
 * @param strip holds a status for the words and a button
 * @param resume resolves when the request is done
 * @param leave moves the focus away from the button, which is about to disappear
 */
export function createContactStrip(strip, { resume, leave }) {
  const [status, button] = [strip.querySelector('p'), strip.querySelector('button')];

  button.addEventListener('click', async () => {
    // A disabled button would lose the focus.
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    await resume();
    button.ariaDisabled = 'false';
  });

  return {
    /** @param contact undefined while it isn't known */
    show(contact) {
      const { words = '', canResume = false } = contactWords(contact) ?? {};
      strip.dataset.state = contact?.state ?? '';
      // Screen readers announce words that are set again.
      if (status.textContent !== words) status.textContent = words;
      if (!canResume && document.activeElement === button) leave();
      button.hidden = !canResume;
    },
  };
}
