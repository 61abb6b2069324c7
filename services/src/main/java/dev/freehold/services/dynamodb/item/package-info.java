/// Items: reading and writing them, one by one, in batches, in transactions, by queries and scans.
///
/// [Items] keeps an item, its index entries, its expiry, its stream record and the counts in step:
/// all are written in the transaction that changes the item. [Writer] does one [ItemWrite],
/// whatever operation asked for it. [PageReader] walks a table or an index from a key for one page,
/// which is all that is ever in memory.
@NullMarked
package dev.freehold.services.dynamodb.item;

import org.jspecify.annotations.NullMarked;
