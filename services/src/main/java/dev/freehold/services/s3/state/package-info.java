/// What S3 keeps, and how it lies in the store.
///
/// | table | key | value |
/// |---|---|---|
/// | 150 buckets | name | [Bucket] |
/// | 151 owned | account, name | - |
/// | 152 settings | bucket, kind | a configuration's bytes |
/// | 153 current | bucket, key | the newest [Version]: an object or a delete marker |
/// | 154 older | bucket, key, -sequence | all other [Version]s, newest first |
/// | 155 nulls | bucket, key | the sequence of the null version, when it is an older one |
/// | 156 uploads | bucket, key, upload id | [Upload] |
/// | 157 parts | content id, part number | [Part], of an upload, and of the object it became |
/// | 158 blobs | blob id | that a blob is S3's: what the collector of orphans asks |
/// | 159 garbage | due time, content | bytes that no version has any more |
/// | 160 restored | bucket, key, -sequence | until when an archived version can be read |
/// | 161 stored bytes | bucket | how many bytes all its versions have |
///
/// Invariants: where there is an older version of a key, there is a current one. A null version is
/// current or in *nulls*, never both. Each blob of a version or part is in *blobs* from the commit
/// that names it until the blob is gone. Bytes outlive their version by [Garbage#GRACE], so that
/// whoever reads them may finish.
///
/// An object that was uploaded in parts keeps its parts where the upload wrote them: completing an
/// upload of 10,000 parts writes one row.
@NullMarked
package dev.freehold.services.s3.state;

import org.jspecify.annotations.NullMarked;
