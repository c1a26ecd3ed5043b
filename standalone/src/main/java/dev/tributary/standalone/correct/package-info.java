/**
 * Corrections of the ledger as a person asks for them: what would change, said before anything is
 * written; then a numbered run of commands that the ledger's owner applies. Planning is pure; the
 * classes that read and write topics say so.
 */
@NullMarked
package dev.tributary.standalone.correct;

import org.jspecify.annotations.NullMarked;
