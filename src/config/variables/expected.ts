/** Descriptions of values that several variables share, and the default host. */
export const aPort = 'a port from 1 to 65535';
export const anAddress = 'an address or host name to listen on';
export const anHttpUrl = 'an http(s) address';
export const loopback = '127.0.0.1';
