import type { Config } from '../../config/config.js';
import { gatewayToSimulate } from '../../config/gateways.js';
import { webhookUrl } from '../../config/webhook-url.js';
import { createSenderOf } from '../../domain/sender.js';
import type { Dialect, WrittenText } from './dialect.js';
import { createDialect } from './dialects/create-dialect.js';
import { post } from './post-to-webhook.js';

/** What the phone page and `answerback send` need of a simulated gateway. */
export interface Simulated {
  dialect: Dialect;
  /** Returns the id that a text gets as a message, which is that of its run. */
  readonly idOf: (text: WrittenText) => string;
  /**
   * Posts a text to the webhook like the provider.
   *
   * @throws {NotPostedError} with the response of the webhook
   */
  readonly postText: (text: WrittenText) => Promise<void>;
}

/**
 * Speaks like the first gateway of the settings.
 *
 * @param secret the first of ANSWERBACK_SECRET, which some ids depend on
 */
export function simulate(
  config: Pick<Config, 'gateways' | 'host' | 'port' | 'defaultCountry'>,
  secret: string,
): Simulated {
  const { gateway, settings } = gatewayToSimulate(config.gateways);
  const dialect = createDialect(gateway.name, { settings, webhookUrl: webhookUrl(config, gateway) });
  const inbound = gateway.createInbound(settings, { senderOf: createSenderOf(config.defaultCountry), secret });
  return {
    dialect,
    idOf(text) {
      const { body } = dialect.postOfText(text);
      return inbound.read(Buffer.from(body), new Date(), {}).messages[0]?.id ?? text.guid;
    },
    postText: (text) => post(dialect.postOfText(text)),
  };
}
