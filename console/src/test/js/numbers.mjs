// Run by NumbersTest: the numbers of the pages, as people read them.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const n = await import(pathToFileURL(process.argv[2]));
const money = text => n.money(n.decimal(text));

// Exact: neither of these is a binary fraction, and a sum of floats would show it.
assert.equal(n.exactly(n.sum([n.decimal('0.1'), n.decimal('0.2'), n.decimal('0.000000000000000001')])), '$0.300000000000000001');
assert.equal(n.exactly(n.decimal('12345678901234567890.123456789012345678')), '$12,345,678,901,234,567,890.123456789012345678');
assert.equal(n.exactly(n.decimal('-5')), '−$5');

// Unknown is not zero.
assert.equal(n.decimal(null), null);
assert.equal(money(null), 'unknown');
assert.equal(money('0'), '$0.00');
assert.equal(n.sum([null, null]), null);
assert.equal(n.sum([null, 5n]), 5n);
assert.equal(n.ratio(null, 1000, 3), null);
assert.equal(n.ratio(7n, 1000, 0), null);
assert.equal(n.share(null, 5n), null);
assert.equal(n.share(5n, 0n), null);
assert.equal(n.percent(null), '–');
assert.throws(() => n.decimal('1e3'), /no decimal: 1e3/);
assert.throws(() => n.decimal(''), /no decimal/);

// Half to even, in cents; two significant digits below ten cents.
assert.equal(money('0.125'), '$0.12');
assert.equal(money('0.135'), '$0.14');
assert.equal(money('0.125000000000000001'), '$0.13');
assert.equal(money('1234567.895'), '$1,234,567.90');
assert.equal(money('-1234.5'), '−$1,234.50');
assert.equal(money('0.0996'), '$0.100');
assert.equal(money('0.00000099'), '$0.00000099');
assert.equal(money('0.000000000000000001'), '$0.000000000000000001');
assert.equal(money('999.995'), '$1,000.00');

// Never all or nothing where it is not quite.
assert.equal(n.percent(1), '100 %');
assert.equal(n.percent(0.99999), '> 99.9 %');
assert.equal(n.percent(0.00001), '< 0.1 %');
assert.equal(n.percent(0), '0 %');
assert.equal(n.percent(0.972), '97.2 %');

assert.equal(n.short(9999), '9,999');
assert.equal(n.short(12345), '12.3k');
assert.equal(n.short(249962918), '250M');
assert.equal(n.short(null), '–');
assert.equal(n.count(52505), '52,505');
assert.equal(n.duration(999), '999 µs');
assert.equal(n.duration(11423189), '11.4 s');
assert.equal(n.duration(null), '–');
assert.equal(n.time(0), '1970-01-01 00:00:00');
console.log('numbers are as they should be');
