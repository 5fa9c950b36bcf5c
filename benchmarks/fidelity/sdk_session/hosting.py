"""Models, endpoints and predictors, and the end of them."""

from __future__ import annotations

import numpy
import sagemaker
from account import BUCKET, INSTANCE, Account, near, same, score, step, until
from sagemaker.async_inference import AsyncInferenceConfig
from sagemaker.deserializers import CSVDeserializer, JSONDeserializer
from sagemaker.model import Model
from sagemaker.predictor import Predictor
from sagemaker.serializers import CSVSerializer, JSONSerializer
from sagemaker.serverless import ServerlessInferenceConfig
from sagemaker.utils import name_from_base

ROWS = numpy.array([[2 * x + 1, x] for x in range(20)], dtype="float32")


@step
def estimator_deploy_and_csv() -> None:
    name = name_from_base("homes")
    Account.predictor = Account.estimator.deploy(
        1, INSTANCE, serializer=CSVSerializer(), deserializer=JSONDeserializer(), endpoint_name=name
    )
    near(score(Account.predictor.predict([[7]])), 15)


@step
def predictor_with_json() -> None:
    caller = Predictor(Account.predictor.endpoint_name, Account.session, JSONSerializer(), JSONDeserializer())
    near(score(caller.predict({"instances": [{"features": [7]}]})), 15)


@step
def predictor_with_csv_answer() -> None:
    caller = Predictor(Account.predictor.endpoint_name, Account.session, CSVSerializer(), CSVDeserializer())
    near(caller.predict([[7]])[0][0], 15)


@step
def describe_endpoint_and_config() -> None:
    client = Account.session.sagemaker_client
    described = Account.session.describe_endpoint(Account.predictor.endpoint_name)
    same(described["EndpointStatus"], "InService")
    [variant] = client.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])[
        "ProductionVariants"
    ]
    same(client.describe_model(ModelName=variant["ModelName"])["ExecutionRoleArn"], Account.role)


@step
def predictor_update_endpoint() -> None:
    Account.predictor.update_endpoint(initial_instance_count=2, instance_type=INSTANCE)
    [variant] = Account.session.describe_endpoint(Account.predictor.endpoint_name)["ProductionVariants"]
    same(variant["CurrentInstanceCount"], 2)


@step
def list_everything() -> None:
    client = Account.session.sagemaker_client
    [endpoint] = client.list_endpoints(StatusEquals="InService")["Endpoints"]
    same(endpoint["EndpointName"], Account.predictor.endpoint_name)
    same(len(client.list_training_jobs(StatusEquals="Failed")["TrainingJobSummaries"]), 1)
    same(len(client.list_models()["Models"]), 1)
    same(len(client.list_endpoint_configs()["EndpointConfigs"]), 2)


@step
def model_deploy_serverless() -> None:
    model = Model(
        Account.estimator.image_uri, Account.estimator.model_data, Account.role, sagemaker_session=Account.session
    )
    model.predictor_cls = Predictor
    predictor = model.deploy(serverless_inference_config=ServerlessInferenceConfig(2048, 5), endpoint_name="serverless")
    predictor.serializer, predictor.deserializer = CSVSerializer(), JSONDeserializer()
    near(score(predictor.predict([[7]])), 15)
    predictor.delete_endpoint()
    model.delete_model()


@step
def model_deploy_asynchronous() -> None:
    Account.model = Model(
        Account.estimator.image_uri, Account.estimator.model_data, Account.role, sagemaker_session=Account.session
    )
    Account.model.predictor_cls = Predictor
    output = AsyncInferenceConfig(output_path=f"s3://{BUCKET}/async/")
    Account.later = Account.model.deploy(1, INSTANCE, async_inference_config=output, endpoint_name="asynchronous")
    Account.later.serializer = Account.later.predictor.serializer = CSVSerializer()
    Account.later.deserializer = Account.later.predictor.deserializer = JSONDeserializer()
    near(score(Account.later.predict([[7]], initial_args={"ContentType": "text/csv"})), 15)


@step
def asynchronous_predict_with_the_content_type_of_the_object() -> None:
    try:
        near(score(Account.later.predict([[7]])), 15)
    finally:
        Account.later.delete_endpoint()
        Account.model.delete_model()


@step
def linear_learner_with_recordio() -> None:
    Account.learner = sagemaker.LinearLearner(
        Account.role, 1, INSTANCE, "regressor", epochs=30, sagemaker_session=Account.session
    )
    records = Account.learner.record_set(ROWS[:, 1:], labels=ROWS[:, 0])
    Account.learner.fit(records, mini_batch_size=10, logs=False)


@step
def linear_learner_predictor_with_recordio() -> None:
    predictor = Account.learner.deploy(1, INSTANCE)
    [answer] = predictor.predict(numpy.array([[7]], dtype="float32"))
    near(answer.label["score"].float32_tensor.values[0], 15)
    predictor.delete_model()
    predictor.delete_endpoint()


@step
def download_data() -> None:
    key = Account.estimator.model_data.removeprefix(f"s3://{BUCKET}/")
    same(len(Account.session.download_data(".", BUCKET, key)), 1)


@step
def predictor_delete_model_and_endpoint() -> None:
    client = Account.session.sagemaker_client
    Account.predictor.delete_model()
    Account.predictor.delete_endpoint(delete_endpoint_config=True)
    until(lambda: client.list_endpoints()["Endpoints"] == [])
    same(client.list_models()["Models"], [])
