import { request, type ClientRequest } from 'node:http';

/** A form whose file has begun, and goes on only when the test writes. */
export function beginForm(url: string, token: string): ClientRequest {
  const form = request(`${url}/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': '1000000',
    },
  });
  form.on('error', () => {});
  form.write('--x\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nsome bytes');
  return form;
}
