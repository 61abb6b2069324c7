/// IAM: roles, users, groups and policies, and who may do what.
///
/// [IamService] is the front; [IamTables] the rows; [PolicyAuthorizer] decides on every call of
/// every service.
@NullMarked
package dev.freehold.services.iam;

import org.jspecify.annotations.NullMarked;
