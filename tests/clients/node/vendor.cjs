// What the hosts file and port 443 do on a machine that is given over to it: the vendor's names lead to the
// server under test. Loaded before the client (`node --require`), which itself is left as it was published.
"use strict";

const net = require("net");

const PORT = Number(process.env.VENDOR_PORT);
const NAMES = new Set(process.env.VENDOR_NAMES.split(" "));
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
    // Node hands over [options, callback] as one list; the options keep the name that TLS checks.
    const [options] = Array.isArray(given[0]) ? given[0] : given;
    if (options && NAMES.has(options.host)) {
        if (Number(options.port) !== 443) throw new Error(`the client asked for port ${options.port}`);
        options.host = "127.0.0.1";
        options.port = PORT;
    } else {
        throw new Error(`the client asked for ${options && options.host}, which is no vendor's`);
    }
    return connect.apply(this, given);
};
