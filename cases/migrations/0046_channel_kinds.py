from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0045_refunds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notificationchannel',
            name='kind',
            field=models.CharField(choices=[('email', 'Email'), ('wecombot', 'WeCom group bot (企业微信)'), ('dingtalk', 'DingTalk group bot (钉钉)'), ('feishu', 'Feishu group bot (飞书)'), ('bark', 'Bark (iPhone)'), ('schan', 'ServerChan (Server酱, WeChat)'), ('pushplus', 'PushPlus (WeChat)'), ('lark', 'Lark group bot'), ('slack', 'Slack'), ('telegram', 'Telegram'), ('discord', 'Discord'), ('ntfy', 'ntfy'), ('gotify', 'Gotify'), ('matrix', 'Matrix'), ('webhook', 'Webhook (JSON)')], max_length=12, verbose_name='kind'),
        ),
    ]
