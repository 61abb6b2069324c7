package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static dev.freehold.services.s3.S3Fixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.s3.ListObjectsV2Request;
import dev.freehold.api.s3.PutBucketPolicyRequest;
import dev.freehold.api.s3.PutObjectAclRequest;
import dev.freehold.api.s3.S3Model;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Structure;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class PermissionsTest {
    private final S3Fixture fixture = new S3Fixture().bucket("books");
    private final S3Permissions permissions = new S3Permissions(fixture.store);

    @Test
    void aReadAsksForTheObjectOfTheBucketsOwner() {
        fixture.put("books", "dir/k", "x");

        Permission asked =
                asked("GetObject", S3Fixture.get("books", "dir/k").build(), BOB).getFirst();

        assertThat(asked.action()).isEqualTo("s3:GetObject");
        assertThat(asked.resource()).isEqualTo("arn:aws:s3:::books/dir/k");
        assertThat(asked.resourceAccount()).isEqualTo("000000000000");
        assertThat(asked.resourcePolicy()).isNull();
    }

    @Test
    void aMissingKeyAsksWhetherTheCallerMayList() {
        assertThat(asked("GetObject", S3Fixture.get("books", "none").build(), ALICE))
                .extracting(Permission::action)
                .containsExactly("s3:ListBucket");
    }

    @Test
    void aListTellsItsPrefixToConditions() {
        ListObjectsV2Request list =
                ListObjectsV2Request.builder().bucket("books").prefix("home/").maxKeys(3).build();

        Permission asked = asked("ListObjectsV2", list, ALICE).getFirst();

        assertThat(asked.facts())
                .containsEntry("s3:prefix", "home/")
                .containsEntry("s3:max-keys", "3");
    }

    @Test
    void aGrantStandsBesideTheBucketsPolicy() {
        fixture.put("books", "k", "x");
        fixture.s3.putBucketPolicy(
                PutBucketPolicyRequest.builder()
                        .bucket("books")
                        .policy(
                                """
                                {"Version":"2012-10-17","Statement":{"Effect":"Deny",\
                                "Principal":"*","Action":"s3:DeleteObject",\
                                "Resource":"arn:aws:s3:::books/*"}}\
                                """)
                        .build(),
                ALICE);
        fixture.s3.putObjectAcl(
                PutObjectAclRequest.builder().bucket("books").key("k").acl("public-read").build(),
                ALICE);

        Permission asked = asked("GetObject", S3Fixture.get("books", "k").build(), BOB).getFirst();

        assertThat(asked.resourcePolicy())
                .contains("\"Deny\"")
                .contains("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"000000000002\"}");
    }

    @Test
    void aBucketThatIsNotThereAsksNothing() {
        assertThat(asked("GetObject", S3Fixture.get("none", "k").build(), BOB)).isEmpty();
    }

    private List<Permission> asked(String name, Structure input, Caller caller) {
        Operation operation = Objects.requireNonNull(S3Model.MODEL.operation(name));
        return permissions.of(operation, input, caller);
    }
}
