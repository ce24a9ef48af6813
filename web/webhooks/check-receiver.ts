import { checkSourceUrl } from '../../shared/fetch/url.ts';
import { ApiError } from '../errors.ts';

/**
 * What is told to an address that a stranger names, is told to public addresses only. Its name is looked up and judged
 * once more whenever it is dialed.
 *
 * @throws ApiError 400, in one text for all reasons
 */
export function checkReceiver(url: string, allow: readonly string[]): void {
  if ('url' in checkSourceUrl(url, allow)) return;
  throw new ApiError(
    400,
    'receiver_refused',
    'This address cannot be told anything. Give a public http or https address, on port 80 or 443.',
  );
}
