/// Access control lists: who may do what with a bucket or an object, by S3's older way.
///
/// A list that is not stored is the default one, full control for the owner. Lists and policies
/// meet in one place: what a list grants is put to the policy evaluator as statements of the
/// bucket's policy, so that there is one decision, and a policy's deny outweighs a grant.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>.
@NullMarked
package dev.freehold.services.s3.acl;

import org.jspecify.annotations.NullMarked;
