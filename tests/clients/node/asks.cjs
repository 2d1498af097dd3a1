// Calls the published client as a program would: a call on each line that comes in, its answer on each that
// goes out. How often a callback was called is told, too: a client that answers twice is a finding.
"use strict";

const readline = require("readline");
const Twocheckout = require("2checkout-node");

const client = new Twocheckout(JSON.parse(process.env.CLIENT_OPTIONS));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const { call, given } = JSON.parse(line);
    const [group, name] = call.split(".");
    const answer = (error, data) => {
        console.log(JSON.stringify({ call, error: error ? error.message : null, data: data === undefined ? null : data }));
    };
    try {
        const returned = client[group][name](...given, answer);
        // What is worked out without asking the server (links, checks of hashes) is simply returned.
        if (returned !== undefined) answer(null, returned);
    } catch (error) {
        answer(error);
    }
});
