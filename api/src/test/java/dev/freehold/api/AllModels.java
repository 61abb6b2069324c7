package dev.freehold.api;

import dev.freehold.api.apigatewayv2.Apigatewayv2Model;
import dev.freehold.api.dynamodb.DynamodbModel;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsModel;
import dev.freehold.api.events.EventsModel;
import dev.freehold.api.iam.IamModel;
import dev.freehold.api.lambda.LambdaModel;
import dev.freehold.api.logs.LogsModel;
import dev.freehold.api.s3.S3Model;
import dev.freehold.api.sns.SnsModel;
import dev.freehold.api.sqs.SqsModel;
import dev.freehold.api.states.StatesModel;
import dev.freehold.api.sts.StsModel;
import dev.freehold.protocol.ServiceModel;
import java.util.stream.Stream;

/// Every model there is.
final class AllModels {
    private AllModels() {}

    static Stream<ServiceModel> all() {
        return Stream.of(
                Apigatewayv2Model.MODEL,
                DynamodbModel.MODEL,
                DynamodbstreamsModel.MODEL,
                EventsModel.MODEL,
                IamModel.MODEL,
                LambdaModel.MODEL,
                LogsModel.MODEL,
                S3Model.MODEL,
                SnsModel.MODEL,
                SqsModel.MODEL,
                StatesModel.MODEL,
                StsModel.MODEL);
    }
}
