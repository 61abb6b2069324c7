package dev.freehold.conformance;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Clients of the AWS SDK for Java, unmodified: only where the endpoint is, and whose account.
public final class JavaClients {
    private final String endpoint;
    private final String account;

    /// @param account twelve digits: an access key that is its own account
    public JavaClients(String endpoint, String account) {
        this.endpoint = endpoint;
        this.account = account;
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(B builder) {
        return builder.endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(account, "secret")))
                .overrideConfiguration(
                        ClientOverrideConfiguration.builder()
                                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                                .apiCallTimeout(Duration.ofSeconds(40))
                                .build())
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(40)))
                .build();
    }

    public String account() {
        return account;
    }

    public S3Client s3() {
        return build(S3Client.builder());
    }

    public DynamoDbClient dynamodb() {
        return build(DynamoDbClient.builder());
    }

    public SqsClient sqs() {
        return build(SqsClient.builder());
    }

    public SnsClient sns() {
        return build(SnsClient.builder());
    }

    public LambdaClient lambda() {
        return build(LambdaClient.builder());
    }

    public IamClient iam() {
        return build(IamClient.builder());
    }

    public ApiGatewayV2Client apis() {
        return build(ApiGatewayV2Client.builder());
    }
}
